using Orleans.Metadata;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Runtime.Types;

/// <summary>
/// What other silos declare of grain types: those of this cluster, and of the regions that are linked now. A silo of a version that records nothing says by its manifest alone
/// how it finds its entities.
/// </summary>
internal sealed class DeclaredElsewhere(IClusterManifestProvider manifest, IClusterMembershipService members, ILocalSiloDetails self, IRegionLinks links, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an active silo of this cluster may owe its manifest. One that has died counts as active until the others have voted it dead.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The declarations that another silo makes otherwise.</summary>
    public async Task<TypeContradiction[]> ContradictionsAsync(IReadOnlyCollection<TypeChoices> declared, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (Others().Any(silo => !manifest.Current.Silos.ContainsKey(silo)) && time.GetElapsedTime(since) < LongestWait)
        {
            await Task.Delay(LookAgain, time, cancellationToken);
        }

        var others = manifest.Current.Silos.Where(silo => silo.Key != self.SiloAddress).Select(static silo => silo.Value)
            .Concat(links.All.SelectMany(static link => link.TryGetChannel(out var channel) ? channel.Manifests() : []))
            .SelectMany(static grains => DeclaredTypes.Of(grains))
            .ToLookup(static choices => choices.Type, StringComparer.Ordinal);
        return
        [
            .. declared.SelectMany(choices => others[choices.Type].Where(other => !IsAlike(other, choices)).Take(1).Select(other => new TypeContradiction(other, choices))),
        ];
    }

    private IEnumerable<SiloAddress> Others() =>
        members.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active && member.SiloAddress != self.SiloAddress).Select(static member => member.SiloAddress);

    /// <summary>An early version said nothing of home policies.</summary>
    private static bool IsAlike(TypeChoices other, TypeChoices own) =>
        (other is { IsMultiWriter: false, HomePolicy: "" } ? other with { HomePolicy = own.HomePolicy } : other) == own;
}
