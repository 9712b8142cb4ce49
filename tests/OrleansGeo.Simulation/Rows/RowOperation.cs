using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Sessions;

namespace OrleansGeo.Simulation.Rows;

/// <summary>One client's request to a multi-writer entity, which is a counter and a set.</summary>
/// <param name="Number">Its place among all such requests.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Amount">What it adds to the counter.</param>
/// <param name="Member">The member of the set that it is about.</param>
/// <param name="ForMajority">Whether its answer waits until a majority of regions has it.</param>
internal sealed record RowOperation(int Number, string Entity, RowOperationKind Kind, int Amount, string Member, bool ForMajority)
{
    public required SimSession Session { get; init; }

    public RequestId Request => RequestId.None.Further(Number);

    /// <summary>By which an entry of the log tells whose it is.</summary>
    public ulong Fingerprint => (ulong)Number + 1;

    public SimOutcome Outcome { get; set; }

    /// <summary>The session, while its client waits for this answer: what comes later, nobody is shown.</summary>
    public SimSession? Audience => Outcome == SimOutcome.Pending ? Session : null;
}
