using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Configuration;

/// <summary>Lists every problem at once.</summary>
internal sealed class GeoOptionsValidator : IValidateOptions<GeoOptions>
{
    public ValidateOptionsResult Validate(string? name, GeoOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(GeoOptions options)
    {
        foreach (var region in options.Regions.Append(options.Region).Where(static region => !RegionId.IsValid(region)))
        {
            yield return $"'{region}' is not a region name: use 1 to {RegionId.MaxLength} characters a-z, 0-9 and '-', starting with a letter.";
        }

        if (options.Regions.Count is 0 or > byte.MaxValue || options.Regions.Distinct().Count() != options.Regions.Count)
        {
            yield return $"A world has 1 to {byte.MaxValue} regions, each listed once, in the same order everywhere; this one lists: {string.Join(", ", options.Regions)}.";
        }

        if (!options.Regions.Contains(options.Region))
        {
            yield return $"This process's region '{options.Region}' is not among the world's: {string.Join(", ", options.Regions)}.";
        }

        foreach (var region in options.Regions.Where(region => region != options.Region))
        {
            var peers = options.Peers.Where(peer => peer.Region.Name == region).ToList();
            if (peers.Count != 1 || peers[0].Gateways.Count == 0)
            {
                yield return $"Region {region} must be listed as a peer once, with at least one gateway address.";
            }
        }

        foreach (var region in options.Priority.Concat(options.Witnesses).Where(region => !options.Regions.Contains(region)))
        {
            yield return $"'{region}', listed in Priority or Witnesses, is not among the world's regions: {string.Join(", ", options.Regions)}.";
        }

        if (options.Regions.Count > 0 && options.Regions.All(options.Witnesses.Contains))
        {
            yield return "Every region is a witness: at least one must be able to be home.";
        }

        if (options.ProbeInterval < TimeSpan.FromMilliseconds(10) || options.ProbeInterval > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(GeoOptions.ProbeInterval)} is {options.ProbeInterval}: use 10 ms to 1 minute.";
        }

        if (options.HashShards is < 1 or > 4096 || options.AffineShardsPerRegion is < 1 or > 256)
        {
            yield return $"Shard counts must be 1-4096 (hash shards: {options.HashShards}) and 1-256 (affine shards per region: {options.AffineShardsPerRegion}).";
        }
    }
}
