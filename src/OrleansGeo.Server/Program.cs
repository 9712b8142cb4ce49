using OrleansGeo.Server.Hosting;

return await ServerProgram.RunAsync(args);
