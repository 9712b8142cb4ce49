using OrleansGeo.World.Hosting;

namespace OrleansGeo.World.Processes;

/// <summary>One run of a region, from its start until it ends. A region that is started again is a new unit.</summary>
internal interface IRegionUnit : IAsyncDisposable
{
    RegionConfig Config { get; }

    int ProcessId { get; }

    /// <summary>Completes when the region has ended, with why in words.</summary>
    Task<string> Ended { get; }

    /// <summary>What the region said at its end or said last, for the message when it does not start. May have several lines.</summary>
    string LastWords { get; }
}
