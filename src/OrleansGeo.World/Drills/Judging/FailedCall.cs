namespace OrleansGeo.World.Drills.Judging;

/// <summary>A request of the load that failed.</summary>
/// <param name="What">Write, strong read or local read.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Region">Through which it was sent.</param>
/// <param name="Answer">What came back, in words.</param>
/// <param name="AtMs">When it was sent, milliseconds after the fault.</param>
/// <param name="TookMs">How long it took.</param>
internal sealed record FailedCall(string What, string Entity, string Region, string Answer, double AtMs, double TookMs);
