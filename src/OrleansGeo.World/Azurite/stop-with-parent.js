// Loaded before the emulator, which then stops, and writes what it has, when the process that started it ends, however that ends.
process.stdin.on("end", () => process.emit("message", "shutdown")).resume();

// Ctrl+C reaches the whole group, and regions need their stores until they have stopped: the emulator does not hear it.
const once = process.once;
process.once = (event, handler) => (event === "SIGINT" ? process.on(event, () => {}) : once.call(process, event, handler));
