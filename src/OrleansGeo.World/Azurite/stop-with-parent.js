// Loaded before the emulator: it stops, and writes what it has, when the process that started it ends, however that ends.
process.stdin.on("end", () => process.kill(process.pid, "SIGINT")).resume();
