/** Which of the shell's dialogs is open; buttons, keys and the palette open them alike. */

export type ShellDialog = "palette" | "help" | "views" | "share";

class ShellState {
  #dialog = $state<ShellDialog | null>(null);

  get dialog(): ShellDialog | null {
    return this.#dialog;
  }

  open(dialog: ShellDialog): void {
    this.#dialog = dialog;
  }

  close(): void {
    this.#dialog = null;
  }
}

export const shell = new ShellState();
