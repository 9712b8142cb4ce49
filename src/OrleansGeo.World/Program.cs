using OrleansGeo.World.Cli;

return await WorldCommandLine.RunAsync(args);
