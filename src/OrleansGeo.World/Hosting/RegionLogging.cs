using Microsoft.Extensions.Logging.Console;

namespace OrleansGeo.World.Hosting;

/// <summary>Quiet logging: warnings, and what OrleansGeo says about the topology. To standard error, which the world keeps in a file.</summary>
internal static class RegionLogging
{
    public static void Configure(ILoggingBuilder logging, string source)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("OrleansGeo", LogLevel.Information);

        // Its warnings are advice on the garbage collector of a production silo, at every start.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);

        // Its first check counts from the start of the machine, and warns of that at every start.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // It logs every refusal that becomes a problem (DeveloperPageProblems) as if nobody had expected it.
        logging.AddFilter("Microsoft.AspNetCore.Diagnostics.DeveloperExceptionPageMiddleware", LogLevel.None);
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = $"yyyy-MM-dd HH:mm:ss.fff '{source}' ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
