using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Seats;

/// <summary>A home of which a test says how it stands.</summary>
internal sealed class BenchHome(HomeAssignment home) : ISeatHome
{
    public HomeAssignment Home => home;

    public bool IsOpen { get; set; } = true;

    public bool IsReady { get; set; } = true;

    public bool IsStarted { get; set; } = true;

    public bool WentBack { get; set; }

    public bool LostLease { get; set; }

    public string? Damage { get; set; }

    public bool IsHandingOver { get; set; }

    public LogPosition Acknowledged { get; set; }

    public LogPosition AcknowledgedAtMost { get; set; }

    public LogPosition Stored { get; set; }

    /// <summary>Everything is on its way to every region.</summary>
    public bool IsDrained { get; set; }

    public bool IsDrainedInto(RegionId region) => IsDrained;
}
