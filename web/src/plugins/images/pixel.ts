/** Red, green, blue and opacity of one pixel of a picture, 0 to 255, as the file has them: no brightness or contrast. */
export type Pixel = readonly [number, number, number, number];

let context: CanvasRenderingContext2D | null = null;

/** Draws a single pixel, so that a huge picture costs no more than a small one. */
export function readPixel(image: HTMLImageElement, x: number, y: number): Pixel | null {
  context ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.clearRect(0, 0, 1, 1);
  context.drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  return [r!, g!, b!, a!];
}

/** `x 12  y 7  #a07850  160 120 80`; opacity only where it is not full. */
export function formatPixel(x: number, y: number, pixel: Pixel | null): string {
  return `x ${x}  y ${y}${pixel ? `  ${formatColor(pixel)}` : ""}`;
}

export function formatColor(pixel: Pixel | null): string {
  if (!pixel) return "–";
  const [r, g, b, a] = pixel;
  const hex = [r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("");
  return `#${hex}  ${r} ${g} ${b}${a < 255 ? `  ${Math.round((a / 255) * 100)} %` : ""}`;
}
