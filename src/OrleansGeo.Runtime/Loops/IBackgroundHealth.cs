using System.Collections.Immutable;

namespace OrleansGeo.Runtime.Loops;

/// <summary>What goes on in the background of this process, and whether it works: for health checks.</summary>
public interface IBackgroundHealth
{
    /// <summary>The loops that fail now, the one that has failed longest first. Each is tried again, and ends only with this process.</summary>
    ImmutableArray<FailingLoop> GetFailing();
}
