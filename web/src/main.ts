import { mount } from "svelte";
import App from "./App.svelte";
import { catalog } from "./state/catalog.svelte";
import { views } from "./state/views.svelte";
import "./theme.css";

// Asked for before anything is drawn: the first cards wait for nothing else.
catalog.refresh();
void views.load();

const place = document.getElementById("app")!;
place.replaceChildren();
mount(App, { target: place });
