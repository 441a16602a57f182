/** three.js's cameras and orbit controls, set up for a cloud in the unit ball: perspective in space, orthographic in the plane. */

import { MathUtils, MOUSE, OrthographicCamera, PerspectiveCamera, Spherical, TOUCH, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { home, zoomLimits, type CameraPose } from "./pose";

export type CloudCamera = PerspectiveCamera | OrthographicCamera;

/** Half of the opening angle, about 40° in all: a calm perspective. */
const halfAngle = 20 * MathUtils.DEG2RAD;
/** From here the ball fills the picture but for a margin, in which points at its edge and their names have room. */
export const restDistance = 1.08 / Math.sin(halfAngle);
const planeMargin = 1.06;
const planeDistance = 8;
/** One notch of a wheel, 100 px, brings what is under the pointer nearer by a seventh. */
const notch = { px: 100, factor: 0.853 };
/** Pixels of a line and of a page, in which some browsers count; a pinch on a pad comes as small steps with Ctrl. */
const wheelUnits_px = [1, 16, 100];
const pinchSpeed = 10;
/** A pause of the wheel after which what it zooms to is looked for again. */
const pause_ms = 400;

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
  #anchor: { x: number; y: number; time_ms: number; place: Vector3 } | null = null;
  readonly #element: HTMLElement;
  readonly #onMove: (pose: CameraPose) => void;
  /** What the wheel zooms to at a pixel: the place of a point, so that this one always stays in view; null where none is. */
  aimAt: (x: number, y: number) => Vector3 | null = () => null;

  /**
   * @param element takes the mouse, the wheel and fingers.
   * @param onMove is told the pose whenever they, or a call of the controls, move the camera; not when `show` does.
   */
  constructor(element: HTMLElement, pose: CameraPose, onMove: (pose: CameraPose) => void) {
    this.controls = new CloudControls(this.#perspective, element);
    this.controls.rotateSpeed = 0.5;
    this.controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.PAN, RIGHT: MOUSE.PAN };
    this.controls.minDistance = restDistance / zoomLimits.most;
    this.controls.maxDistance = restDistance / zoomLimits.least;
    this.controls.minZoom = zoomLimits.least;
    this.controls.maxZoom = zoomLimits.most;
    this.#element = element;
    this.#onMove = onMove;
    this.show(pose, false);
    element.addEventListener("wheel", this.#wheel, { capture: true, passive: false });
    this.controls.onUpdate = () => {
      this.#pose = this.#read();
      this.#update();
      onMove(this.#pose);
    };
    this.setPointer(false);
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
   * everywhere, to the left one with Ctrl.
   */
  setPointer(withControl: boolean): void {
    const drags = this.#isPlane && !withControl;
    this.controls.mouseButtons.LEFT = drags ? MOUSE.PAN : MOUSE.ROTATE;
    this.controls.touches.ONE = this.#isPlane ? TOUCH.PAN : TOUCH.ROTATE;
  }

  /**
   * Brings the camera nearer to a point by a factor, or away from it. Everything is scaled around that point, so it stays where it is on
   * the screen, the camera never passes it, and what the camera turns around comes along.
   */
  zoomTo(point: Vector3, factor: number): void {
    const pose = this.#pose ?? home;
    const zoom = MathUtils.clamp(pose.zoom / factor, zoomLimits.least, zoomLimits.most);
    const share = pose.zoom / zoom;
    const target = new Vector3(...pose.target).sub(point).multiplyScalar(share).add(point);
    this.show({ ...pose, zoom, target: target.toArray() }, this.#isPlane);
    this.#onMove(this.#pose!);
  }

  dispose(): void {
    this.#element.removeEventListener("wheel", this.#wheel, { capture: true });
    this.controls.dispose();
  }

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.controls.enabled || event.deltaY === 0) return;
    const { left, top } = this.#element.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const now_ms = performance.now();
    const before = this.#anchor;
    const stays = before && before.x === x && before.y === y && now_ms - before.time_ms < pause_ms;
    this.#anchor = {
      x,
      y,
      time_ms: now_ms,
      place: stays ? before.place : (this.aimAt(x, y) ?? this.#under(x, y)),
    };
    const moved_px = event.deltaY * wheelUnits_px[event.deltaMode]! * (event.ctrlKey ? pinchSpeed : 1);
    this.zoomTo(this.#anchor.place, notch.factor ** (-moved_px / notch.px));
  };

  /** The place under a pixel, at the depth of the target. */
  #under(x: number, y: number): Vector3 {
    const { camera, controls } = this;
    const { clientWidth, clientHeight } = this.#element;
    const ray = new Vector3((2 * x) / clientWidth - 1, 1 - (2 * y) / clientHeight, 0).unproject(camera);
    if (this.#isPlane) return ray.setZ(controls.target.z);
    ray.sub(camera.position).normalize();
    const sight = camera.getWorldDirection(new Vector3());
    return ray.multiplyScalar(this.distance / ray.dot(sight)).add(camera.position);
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
