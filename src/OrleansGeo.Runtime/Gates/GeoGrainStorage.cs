using Orleans.Storage;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.States;

namespace OrleansGeo.Runtime.Gates;

/// <summary>The storage <c>geo</c> for Orleans' own bridge: the state of a <see cref="Grain{TGrainState}"/> is a state of its entity like any other.</summary>
internal sealed class GeoGrainStorage(IGrainContextAccessor contexts, IServiceProvider services) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var owner = OwnerOf(grainId);
        var bridged = owner.Bridged(grainState, () => new BridgedState<T>(stateName, owner, grainState, (StateSerializer<T>)services.GetService(typeof(StateSerializer<T>))!));
        bridged.Load(owner.Record);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var owner = OwnerOf(grainId);
        var serializer = (StateSerializer<T>)services.GetService(typeof(StateSerializer<T>))!;
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = serializer.Serialize(grainState.State!);
        }
        catch (GeoException)
        {
            // A value that would not be kept. The object holds it: it is read again before the next request.
            owner.MustReload = true;
            throw;
        }

        await owner.Activation.Output.WriteAsync(owner, [new StateChange(stateName, bytes)]);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var owner = OwnerOf(grainId);
        await owner.Activation.Output.WriteAsync(owner, [new StateChange(stateName, null)]);
        grainState.State = StateSerializer<T>.Create();
        grainState.RecordExists = false;
    }

    private UserObject OwnerOf(GrainId grain) =>
        contexts.GrainContext?.GetComponent(typeof(GeoActivation)) is GeoActivation { OwnerOfCode: { } owner } activation && activation.GrainId == grain
            ? owner
            : throw new GeoException(new(
                GeoErrorCode.InvalidConfiguration,
                $"Grain type '{grain.Type}' uses the storage \"{GeoPersistentStateFactory.StorageName}\" without [GeoGrain]: add the attribute to the class."));
}
