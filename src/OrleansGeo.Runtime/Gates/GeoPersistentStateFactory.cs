using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Abstractions.Errors;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Serves the storage name <c>geo</c>, and leaves every other name to Orleans' own factory.</summary>
internal sealed class GeoPersistentStateFactory(IPersistentStateFactory others) : IPersistentStateFactory
{
    public const string StorageName = "geo";

    public IPersistentState<TState> Create<TState>(IGrainContext context, IPersistentStateConfiguration config)
    {
        if (config.StorageName != StorageName)
        {
            return others.Create<TState>(context, config);
        }

        var activation = (GeoActivation?)context.GetComponent(typeof(GeoActivation)) ?? throw new GeoException(new(
            GeoErrorCode.InvalidConfiguration,
            $"Grain type '{context.GrainId.Type}' uses the storage \"{StorageName}\" without [GeoGrain]: add the attribute to the class."));
        var serializer = context.ActivationServices.GetRequiredService<StateSerializer<TState>>();
        var state = new GeoPersistentState<TState>(config.StateName, activation, serializer);
        activation.Add(state);
        return state;
    }
}
