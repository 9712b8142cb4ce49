using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Rows;

/// <summary>What comes back to one attempt.</summary>
/// <param name="Answer">How it went.</param>
/// <param name="Rows">Of every region's row, the version of the entity that the answer is based on; of what was lost, up to where the row is shown instead.</param>
internal sealed record RowReply(SimAnswer Answer, RecordVersion[] Rows)
{
    public static RowReply Nothing(SimAnswer answer) => new(answer, []);
}
