using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>One region of a <see cref="ControlWorld"/>: what survives its restarts, and its present run.</summary>
internal sealed class WorldRegion(RegionId id)
{
    public RegionId Id { get; } = id;

    public WorldAcceptor Acceptor { get; set; } = new();

    /// <summary>The present run; null while it is down.</summary>
    public RegionControl? Control { get; set; }

    /// <summary>How many runs there were: messages of an earlier one are nobody's.</summary>
    public int Run { get; set; }

    public double Rate { get; set; } = 1;

    public TimeSpan Offset { get; set; }

    public bool IsStalled { get; set; }

    /// <summary>What arrived while it stood still.</summary>
    public Queue<Action> Inbox { get; } = [];

    public long Wake { get; set; }

    public TimeSpan Local(TimeSpan time) => Offset + (time * Rate);

    /// <summary>The first instant at which its clock shows at least this.</summary>
    public TimeSpan Global(TimeSpan local) => ((local - Offset) / Rate) + TimeSpan.FromTicks(2);
}
