namespace OrleansGeo.Server.Shutdown;

/// <summary>What is wrong with <see cref="ServerShutdownOptions"/>.</summary>
internal static class ShutdownProblems
{
    public static IEnumerable<string> Of(ServerShutdownOptions shutdown)
    {
        if (shutdown.DrainPeriod < TimeSpan.Zero)
        {
            yield return $"Geo:Shutdown:DrainPeriod: {shutdown.DrainPeriod}: use a time that is not negative.";
        }

        if (shutdown.GracePeriod <= shutdown.DrainPeriod || shutdown.GracePeriod > TimeSpan.FromHours(1))
        {
            yield return $"Geo:Shutdown:GracePeriod: {shutdown.GracePeriod}: use more than DrainPeriod ({shutdown.DrainPeriod}), at most 1 hour.";
        }
    }
}
