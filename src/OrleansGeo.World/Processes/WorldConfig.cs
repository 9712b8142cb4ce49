using System.Collections.Immutable;
using OrleansGeo.World.Hosting;

namespace OrleansGeo.World.Processes;

/// <summary>A world as asked for on the command line.</summary>
/// <param name="Places">The regions, in the world's order.</param>
/// <param name="Data">Full path of the data folder.</param>
/// <param name="Storage">In what the regions store.</param>
/// <param name="Wan"><c>azure</c>, <c>off</c> or a JSON matrix.</param>
/// <param name="InProcess">All regions in this process.</param>
/// <param name="ReadyFile">Full path of the ready file; null: only the one in the data folder.</param>
/// <param name="Priority">Active-passive: the primary region, then who takes over, in this order. Empty: active-active.</param>
internal sealed record WorldConfig(
    ImmutableArray<RegionPlace> Places, string Data, StorageKind Storage, string Wan, bool InProcess, string? ReadyFile, ImmutableArray<string> Priority);
