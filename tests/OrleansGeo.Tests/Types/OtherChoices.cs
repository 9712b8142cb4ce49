using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Tests.Types;

/// <summary>Another version of grain classes: what silos of a region that start from now on declare otherwise.</summary>
internal sealed class OtherChoices
{
    private readonly ConcurrentDictionary<(string Region, string Type, string Property), string> _values = new();

    public void Set(string region, string type, string property, string value) => _values[(region, type, property)] = value;

    public void Clear() => _values.Clear();

    public void AddTo(ISiloBuilder silo) =>
        silo.Services.AddSingleton<IGrainPropertiesProvider>(services => new Provider(this, services.GetRequiredService<IOptions<GeoOptions>>().Value.Region));

    private sealed class Provider(OtherChoices choices, string region) : IGrainPropertiesProvider
    {
        public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
        {
            foreach (var ((at, type, property), value) in choices._values)
            {
                if (at == region && type == grainType.ToString())
                {
                    properties[property] = value;
                }
            }
        }
    }
}
