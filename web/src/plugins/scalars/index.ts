import { postJson } from "../../api/client";
import type { Room } from "../../base/room";

export default {
  name: "scalars",
  order: 10,
  title: { en: "Scalars", "zh-CN": "标量" },
  load: () => import("./ScalarsRoom.svelte"),
  usesRuns: true,
  runMetric: async (tag) => {
    const { runs } = await postJson<{ runs: Record<string, number | string | null> }>("api/scalars/last", {
      tag,
    });
    // JSON has no NaN and no ∞: they come as null and as words that Number knows.
    return new Map(
      Object.entries(runs).map(([run, value]) => [run, value === null ? Number.NaN : Number(value)]),
    );
  },
} satisfies Room;
