namespace OrleansGeo.Server.Hosting;

/// <summary>What is logged unless section <c>Logging</c> says otherwise: warnings, and what OrleansGeo says about the topology.</summary>
internal static class ServerLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("OrleansGeo", LogLevel.Information);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

        // Its first check counts from the start of the machine, and warns of that at every start.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // A token that is not taken is the caller's mistake, and told to the caller.
        logging.AddFilter("Microsoft.AspNetCore.Authentication.JwtBearer", LogLevel.Warning);
    }
}
