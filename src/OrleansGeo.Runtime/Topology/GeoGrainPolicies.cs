using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Runtime.Topology;

/// <summary>Reads geo grain policies from the cluster manifest, where <see cref="GeoGrainAttribute"/> put them.</summary>
internal sealed class GeoGrainPolicies(IServiceProvider services, GrainPropertiesResolver properties, IOptions<GeoOptions> options)
{
    private readonly ConcurrentDictionary<GrainType, GeoGrainPolicy?> _policies = new();

    /// <returns>False for a grain that is not geo-distributed.</returns>
    public bool TryGet(GrainType type, [NotNullWhen(true)] out GeoGrainPolicy? policy)
    {
        if (!_policies.TryGetValue(type, out policy))
        {
            policy = _policies.GetOrAdd(type, Resolve(type));
        }

        return policy is not null;
    }

    private GeoGrainPolicy? Resolve(GrainType type)
    {
        var values = properties.GetGrainProperties(type).Properties;
        if (!values.TryGetValue(GeoGrainProperties.Durability, out var durability))
        {
            return null;
        }

        var family = Enum.TryParse<Durability>(durability, out var parsed) && Enum.IsDefined(parsed)
            ? parsed == Durability.Quorum ? ShardFamily.Quorum : ShardFamily.Region
            : throw Invalid(type, $"durability '{durability}' is not one of {string.Join(", ", Enum.GetNames<Durability>())}");
        var isFollowing = values.GetValueOrDefault(GeoGrainProperties.FollowWriters) == "true";
        if (values.GetValueOrDefault(GeoGrainProperties.MultiWriter) == "true")
        {
            if (isFollowing)
            {
                throw Invalid(type, "a multi-writer entity is at home in every region, and cannot follow its writers: take FollowWriters off it");
            }

            return new(family, new ByKeyHash(), options.Value.Regions.IndexOf(options.Value.Region));
        }

        return new(family, CreateHomePolicy(type, values[GeoGrainProperties.HomePolicy])) { FollowsWriters = isFollowing };
    }

    private IHomePolicy CreateHomePolicy(GrainType type, string name)
    {
        var policyType = Type.GetType(name) ?? throw Invalid(type, $"home policy '{name}' cannot be loaded here: reference its assembly in every silo and client");
        return ActivatorUtilities.GetServiceOrCreateInstance(services, policyType) as IHomePolicy
            ?? throw Invalid(type, $"home policy '{name}' does not implement {nameof(IHomePolicy)}");
    }

    private static GeoException Invalid(GrainType type, string problem) =>
        new(new(GeoErrorCode.InvalidConfiguration, $"Geo grain type '{type}': {problem}."));
}
