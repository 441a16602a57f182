/** three.js's cameras and orbit controls, set up for a cloud in the unit ball: perspective in space, orthographic in the plane. */

import { MathUtils, MOUSE, OrthographicCamera, PerspectiveCamera, Spherical, TOUCH } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { home, zoomLimits, type CameraPose } from "./pose";

export type CloudCamera = PerspectiveCamera | OrthographicCamera;

/** Half of the opening angle, about 40° in all: a calm perspective. */
const halfAngle = 20 * MathUtils.DEG2RAD;
/** From here the ball fills the picture. */
const restDistance = 0.98 / Math.sin(halfAngle);
const planeMargin = 1.06;
const planeDistance = 8;
/** One notch of a wheel, 100 px, changes the zoom by an eighth; the controls' own step is 5 %. */
const wheelSpeed = 3.1;

/** The controls' own event leaves out moves below a thousandth of the cloud's radius: many pixels where the camera is near. */
class CloudControls extends OrbitControls<CloudCamera> {
  onUpdate: (() => void) | undefined;

  override update(delta?: number | null): boolean {
    const changed = super.update(delta);
    this.onUpdate?.();
    return changed;
  }
}

export class OrbitCamera {
  readonly controls: CloudControls;
  readonly #perspective = new PerspectiveCamera();
  readonly #orthographic = new OrthographicCamera();
  #pose: CameraPose | null = null;
  #isPlane = false;

  /**
   * @param element takes the mouse, the wheel and fingers.
   * @param onMove is told the pose whenever they, or a call of the controls, move the camera; not when `show` does.
   */
  constructor(element: HTMLElement, pose: CameraPose, onMove: (pose: CameraPose) => void) {
    this.controls = new CloudControls(this.#perspective, element);
    this.controls.zoomToCursor = true;
    this.controls.rotateSpeed = 0.5;
    this.controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.PAN, RIGHT: MOUSE.PAN };
    this.controls.minDistance = restDistance / zoomLimits.most;
    this.controls.maxDistance = restDistance / zoomLimits.least;
    this.controls.minZoom = zoomLimits.least;
    this.controls.maxZoom = zoomLimits.most;
    this.show(pose, false);
    this.controls.onUpdate = () => {
      this.#pose = this.#read();
      this.#update();
      onMove(this.#pose);
    };
    this.setPointer("mouse", false);
  }

  get camera(): CloudCamera {
    return this.#isPlane ? this.#orthographic : this.#perspective;
  }

  /** Distance from the camera to its target; 0 in the plane, where distance means nothing. */
  get distance(): number {
    return this.#isPlane ? 0 : this.controls.getDistance();
  }

  /** The shorter side holds the ball. */
  resize(width: number, height: number): void {
    const aspect = width / height;
    const fit = Math.min(aspect, 1);
    this.#perspective.fov = 2 * Math.atan(Math.tan(halfAngle) / fit) * MathUtils.RAD2DEG;
    this.#perspective.aspect = aspect;
    const top = planeMargin / fit;
    Object.assign(this.#orthographic, { left: -top * aspect, right: top * aspect, top, bottom: -top });
    this.#update();
  }

  /** Stands where a pose says. */
  show(pose: CameraPose, isPlane: boolean): void {
    if (pose === this.#pose && isPlane === this.#isPlane) return;
    this.#pose = pose;
    this.#isPlane = isPlane;
    const { camera, controls } = this;
    controls.object = camera;
    controls.enableRotate = !isPlane;
    controls.target.fromArray(pose.target);
    const place = isPlane
      ? new Spherical(planeDistance, Math.PI / 2, 0)
      : new Spherical(restDistance / pose.zoom, Math.PI / 2 - pose.pitch, pose.yaw);
    camera.position.setFromSpherical(place.makeSafe()).add(controls.target);
    camera.zoom = isPlane ? pose.zoom : 1;
    camera.lookAt(controls.target);
    this.#update();
  }

  /**
   * Fits the controls to what presses next: in the plane a drag pans, which the controls by themselves leave to the right button and, as
   * everywhere, to the left one with Ctrl; their zoom speed is also the exponent of a pinch.
   */
  setPointer(type: string, withControl: boolean): void {
    const drags = this.#isPlane && !withControl;
    this.controls.mouseButtons.LEFT = drags ? MOUSE.PAN : MOUSE.ROTATE;
    this.controls.touches.ONE = this.#isPlane ? TOUCH.PAN : TOUCH.ROTATE;
    this.controls.zoomSpeed = type === "touch" ? 1 : wheelSpeed;
  }

  dispose(): void {
    this.controls.dispose();
  }

  #read(): CameraPose {
    const { controls } = this;
    const target = controls.target.toArray();
    if (this.#isPlane) return { ...(this.#pose ?? home), zoom: this.#orthographic.zoom, target };
    return {
      yaw: controls.getAzimuthalAngle(),
      pitch: Math.PI / 2 - controls.getPolarAngle(),
      zoom: restDistance / controls.getDistance(),
      target,
    };
  }

  /** The matrices, with the depth range around the ball as seen from here. */
  #update(): void {
    const { camera } = this;
    const distance = this.#isPlane ? planeDistance : this.controls.getDistance();
    camera.near = this.#isPlane ? 0 : distance * 0.02;
    camera.far = distance + 8;
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
  }
}
