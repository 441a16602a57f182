/** A column that says of every point how many of its neighbours it kept since another step, to colour by. */

import { untrack } from "svelte";
import { isAbort } from "../../../api/client";
import { flag, param } from "../../../state/url.svelte";
import type { ColorForm } from "../colors";
import type { Entry } from "../data";
import { isFinal } from "../layouts";
import type { Projector } from "../state/projector.svelte";
import { getKeptShares, keptField, type KeptShares } from "./changes";
import type { Film } from "./film.svelte";
import { filmWords } from "./filmWords";

const mostNeighbours = 200;
/** What takes longer is started by somebody. */
const quick_s = 1;
const look_ms = 300;

export class KeptNeighbours {
  readonly #projector: Projector;
  readonly #film: Film;
  /** Whether points are coloured by it. */
  readonly shown = param("kept", false, flag);
  progress = $state.raw<KeptShares | null>(null);
  error = $state.raw<Error | null>(null);
  /** How points were coloured before. */
  #before: { color: string | null; form: ColorForm } | null = null;
  #column = "";
  /** Grows when somebody starts it. */
  #asked = $state(0);

  constructor(projector: Projector, film: Film) {
    this.#projector = projector;
    this.#film = film;
  }

  /** How many neighbours of a point are looked at. */
  get k(): number {
    return Math.min(mostNeighbours, this.#projector.neighbourCount);
  }

  start(): void {
    this.#asked++;
  }

  follow(signal: AbortSignal): void {
    const { choice, data, metric } = this.#projector;
    const { loaded } = data;
    const { state, comparedAt } = this.#film;
    const before = choice.group?.entries.find(({ name }) => name === state?.steps[comparedAt]?.name);
    const [k, by, asked] = [this.k, metric.value, this.#asked];
    const shown = this.shown.value;
    untrack(() => {
      this.progress = this.error = null;
      if (!shown) return this.#remove();
      if (loaded && before && before.name !== loaded.entry.name)
        void this.#load(loaded.entry, before, k, by, asked > 0, signal);
    });
  }

  async #load(
    entry: Entry,
    before: Entry,
    k: number,
    metric: Projector["metric"]["value"],
    asked: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      let found = await getKeptShares(entry, before, k, metric, asked, signal);
      if (found.state === "absent" && found.duration_s <= quick_s)
        found = await getKeptShares(entry, before, k, metric, true, signal);
      while (!isFinal(found.state)) {
        this.progress = found;
        await new Promise((resolve) => setTimeout(resolve, look_ms));
        found = await getKeptShares(entry, before, k, metric, false, signal);
      }
      this.progress = found;
      if (found.shares) this.#show(found.shares, k);
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  #show(shares: Float32Array, k: number): void {
    const { appearance, data } = this.#projector;
    const name = filmWords().keptColumn;
    data.columns.add(keptField(name, shares, Math.min(k, Math.max(1, shares.length - 1))));
    this.#column = name;
    if (appearance.color.value === name) return;
    this.#before ??= { color: appearance.color.value, form: appearance.form };
    appearance.color.value = name;
    appearance.form = "gradient"; // a share is a quantity, however few values it has
  }

  /** Takes the column away, and colours by what was chosen before. */
  #remove(): void {
    const { appearance, data } = this.#projector;
    if (this.#column === "") return;
    data.columns.remove(this.#column);
    if (appearance.color.value === this.#column) {
      appearance.color.value = this.#before?.color ?? null;
      appearance.form = this.#before?.form ?? "auto";
    }
    this.#before = null;
    this.#column = "";
  }
}
