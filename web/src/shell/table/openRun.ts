import { runSelection } from "../../state/runSelection.svelte";
import { toggleTable } from "./toggleTable";

/** Shows only this run, in the room that the table was opened from; Back comes back to the table as it was. */
export function openRun(run: string): void {
  toggleTable();
  runSelection.selectOnly([run]);
}
