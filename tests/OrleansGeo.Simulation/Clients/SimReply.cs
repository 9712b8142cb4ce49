using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Simulation.Clients;

/// <summary>What comes back to one attempt.</summary>
/// <param name="Answer">How it went.</param>
/// <param name="Version">The entity's version that the answer is based on; of what was lost, up to where it is shown instead.</param>
internal readonly record struct SimReply(SimAnswer Answer, RecordVersion Version = default)
{
    public static implicit operator SimReply(SimAnswer answer) => new(answer);
}
