namespace OrleansGeo.World.Drills;

/// <summary>Ends and starts the processes of regions.</summary>
internal interface IRegionPower
{
    /// <summary>Refuses a region that cannot be killed alone, before anything is done to it.</summary>
    /// <exception cref="Outcomes.WorldException">Why, and what to do.</exception>
    void EnsureCanKill(string region);

    /// <summary>At once, as <c>kill -9</c> does.</summary>
    void Kill(string region);

    /// <summary>Returns once the region serves again.</summary>
    Task StartAsync(string region, CancellationToken cancellationToken);
}
