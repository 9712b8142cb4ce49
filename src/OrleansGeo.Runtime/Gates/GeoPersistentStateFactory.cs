using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Crdts;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.States;

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

        // A context of an object's own: it is made by the activation's factory only.
        var owner = (context.GetComponent(typeof(ObjectContext)) as ObjectContext)?.Owner ?? throw new GeoException(new(
            GeoErrorCode.InvalidConfiguration,
            $"Grain type '{context.GrainId.Type}' uses the storage \"{StorageName}\" without [GeoGrain]: add the attribute to the class."));
        if (owner.Activation.IsMultiWriter != typeof(ICrdt).IsAssignableFrom(typeof(TState)))
        {
            throw new GeoException(new(
                GeoErrorCode.InvalidConfiguration,
                owner.Activation.IsMultiWriter
                    ? $"Grain type '{context.GrainId.Type}' has MultiWriter = true, and its state '{config.StateName}' of type {typeof(TState)} is not a CRDT: use one of OrleansGeo.Crdts, which can be merged."
                    : $"Grain type '{context.GrainId.Type}' has the CRDT '{config.StateName}': set MultiWriter = true on its [GeoGrain]."));
        }

        if (owner.Activation.IsMultiWriter)
        {
            var crdt = new CrdtPersistentState<TState>(config.StateName, owner, context.ActivationServices.GetRequiredService<GeoActivations>());
            owner.Add(crdt);
            return crdt;
        }

        var state = new GeoPersistentState<TState>(config.StateName, owner, context.ActivationServices.GetRequiredService<StateSerializer<TState>>());
        owner.Add(state);
        return state;
    }
}
