using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Where a call ends: the gate of one activation, which is its component.</summary>
internal interface ICallGate
{
    /// <summary>What Orleans holds for the grain.</summary>
    object? Instance { get; }

    ValueTask<Response> InvokeAsync<T>(GeoCall<T> call);
}
