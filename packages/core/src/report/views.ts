import { add, cross, dot, negate, scale, subtract, unit } from "../linalg/vec3.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";
import type { Vec3 } from "../volume/volume.js";
import { colourBar, type Figure, type Panel, panel } from "./figure.js";
import { type Cut, project, type Screen, type View } from "./rasterise.js";
import { renderSurface, type Scene } from "./renderSurface.js";
import { scaleNote } from "./scale.js";

/** What a figure of the model shows. */
export interface ViewText {
  readonly id: string;
  readonly title: string;
  readonly field: string; // "strain energy density"
  readonly note?: string; // one more sentence
}

/** The model in 3D from the front, from behind, and cut open in the middle, coloured by its field. */
export function surfaceViews(scene: Scene, frame: AnatomicalFrame, { id, title, field, note }: ViewText): Figure {
  const left = negate(frame.right);
  const views: readonly { title: string; view: View; cut?: Cut }[] = [
    { title: "from the front, left and above", view: viewFrom(frame, [0.62, 0.68, 0.38]) },
    { title: "from behind, right and above", view: viewFrom(frame, [-0.55, -0.75, 0.38]) },
    {
      title: "left half taken away, from the left",
      view: viewFrom(frame, [0.82, 0.5, 0.26]),
      cut: { point: frame.centre, normal: left },
    },
  ];
  const boxes = views.map(({ view }) => extent([scene.bone, ...(scene.caps ? [scene.caps] : [])], view));
  const widest = Math.max(...boxes.map((b) => b.width));
  const pixelsPerMm = 440 / widest;
  return {
    id,
    title,
    caption: `Surface of the bone's elements, smoothed for display, coloured by ${field}.${scene.caps ? " Caps are grey glass." : ""} On the cut, the colours show the inside.${note ? ` ${note}` : ""}${scaleNote(scene.scale)}`,
    panels: views.map(({ title: name, view, cut }, n) => {
      const { centre, width, height } = boxes[n]!;
      const screen: Screen = {
        view,
        centre,
        pixelsPerMm,
        width: Math.ceil(width * pixelsPerMm),
        height: Math.ceil(height * pixelsPerMm),
      };
      return draw(scene, screen, { title: name, field }, frame, cut);
    }),
    bar: colourBar(scene.scale, `bar-${id}`),
  };
}

function draw(
  scene: Scene,
  screen: Screen,
  { title, field }: { readonly title: string; readonly field: string },
  frame: AnatomicalFrame,
  cut?: Cut,
): Panel {
  const pixelMm = 1 / screen.pixelsPerMm;
  return panel(renderSurface(scene, screen, cut), pixelMm, {
    title,
    alt: `The model seen ${title}, coloured by ${field} (${scene.scale.map}).`,
    ink: "black",
    extra: triad(screen, frame, screen.width * pixelMm, screen.height * pixelMm),
  });
}

/** Small axes in the lower right corner: where right or left, anterior or posterior, and superior lie. */
function triad(screen: Screen, frame: AnatomicalFrame, widthMm: number, heightMm: number): string {
  const at = [widthMm - 11, heightMm - 6] as const;
  const facing = (axis: Vec3, positive: string, negative: string) =>
    dot(axis, screen.view.toViewer) >= 0 ? { axis, name: positive } : { axis: negate(axis), name: negative };
  const axes = [facing(frame.right, "R", "L"), facing(frame.anterior, "A", "P"), { axis: frame.cranial, name: "S" }];
  return axes
    .map(({ axis, name }) => {
      const [x, y] = project({ ...screen, width: 0, height: 0, pixelsPerMm: 1 }, add(screen.centre, axis));
      const end = (f: number) => `${(at[0] + f * x).toFixed(2)} ${(at[1] + f * y).toFixed(2)}`;
      const [tx, ty] = end(8).split(" ") as [string, string];
      return (
        `<path d="M${end(0)}L${end(6)}" stroke="#1b2733" stroke-width="0.5" fill="none"/>` +
        `<text x="${tx}" y="${(Number(ty) + 1).toFixed(2)}" text-anchor="middle" font-size="3">${name}</text>`
      );
    })
    .join("");
}

/** The view of an eye that looks along the line from here to the centre: [left, anterior, cranial] of the vertebra. */
export function viewFrom(frame: AnatomicalFrame, [left, anterior, cranial]: Vec3): View {
  const toViewer = unit(
    add(add(scale(frame.right, -left), scale(frame.anterior, anterior)), scale(frame.cranial, cranial)),
  );
  const right = unit(cross(frame.cranial, toViewer));
  return { name: "", right, up: cross(toViewer, right), toViewer };
}

const strip = 15; // mm below the model, for the scale bar and the axes

/** What the meshes fill of the picture, with a margin: its middle (mm, LPS), width and height (mm). */
function extent(meshes: readonly TriangleMesh[], view: View): { centre: Vec3; width: number; height: number } {
  const low = [Infinity, Infinity],
    high = [-Infinity, -Infinity];
  for (const { vertices } of meshes)
    for (let v = 0; v < vertices.length; v += 3) {
      const p: Vec3 = [vertices[v]!, vertices[v + 1]!, vertices[v + 2]!];
      for (const [n, axis] of [view.right, view.up].entries()) {
        const along = dot(p, axis);
        if (along < low[n]!) low[n] = along;
        if (along > high[n]!) high[n] = along;
      }
    }
  const middle = (n: number) => (low[n]! + high[n]!) / 2;
  const depth = dot(
    subtract([meshes[0]!.vertices[0]!, meshes[0]!.vertices[1]!, meshes[0]!.vertices[2]!], [0, 0, 0]),
    view.toViewer,
  );
  const centre = add(
    add(scale(view.right, middle(0)), scale(view.up, middle(1) - strip / 2)),
    scale(view.toViewer, depth),
  );
  return { centre, width: high[0]! - low[0]! + 6, height: high[1]! - low[1]! + 4 + strip };
}
