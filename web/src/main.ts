import { mount } from "svelte";
import App from "./App.svelte";
import { catalog } from "./state/catalog.svelte";
import "./theme.css";

// Asked for before anything is drawn: the first cards wait for nothing else.
catalog.refresh();

const place = document.getElementById("app")!;
place.replaceChildren();
mount(App, { target: place });
