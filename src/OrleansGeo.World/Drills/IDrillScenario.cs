namespace OrleansGeo.World.Drills;

/// <summary>One kind of drill, run once.</summary>
internal interface IDrillScenario
{
    /// <summary>What the world is left in if the drill ends now, and what to do about it; null: as it was found.</summary>
    string? LeftBehind { get; }

    /// <exception cref="Outcomes.WorldException">It could not be carried out. Goals that were missed are in the result instead.</exception>
    Task<DrillRun> RunAsync(CancellationToken cancellationToken);

    /// <summary>After a run that was broken off: takes back what must not stay.</summary>
    Task CleanUpAsync();
}
