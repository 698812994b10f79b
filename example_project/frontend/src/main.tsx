import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { look, noted, restore } from "./auth";
import { introduce } from "./demo";
import "./style.css";

restore();
introduce().catch(noted);
// Whoever comes back to the window sees at once that the session has been ended elsewhere.
addEventListener("focus", look);
addEventListener("online", look);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
