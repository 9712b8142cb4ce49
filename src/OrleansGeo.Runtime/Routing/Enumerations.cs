using System.Runtime.CompilerServices;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Routing;

/// <summary>
/// The calls of enumerations (<see cref="IAsyncEnumerable{T}"/>) of one geo grain type: the first one chooses the region, and all others go there, because the enumerator is in the memory of that
/// region's activation. None is repeated: whether an element was taken out before its answer was lost cannot be known.
/// </summary>
internal sealed class Enumerations(GeoRouter router, GeoGrainPolicy policy)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Where each runs, by the reference that Orleans makes for each: forgotten with it, however the enumeration ends.</summary>
    private readonly ConditionalWeakTable<GrainReference, Place> _places = new();

    /// <summary>Whether a call belongs to an enumeration.</summary>
    public static bool Has(IInvokable request) => request.GetInterfaceType() == typeof(IAsyncEnumerableGrainExtension);

    /// <summary>Whether a call belongs to an enumeration and begins none that may write.</summary>
    public static bool OnlyReads(IInvokable request) => Has(request) && (StreamOf(request) is not { } stream || (stream.Options & InvokeMethodOptions.ReadOnly) != 0);

    /// <summary>The first call, which carries the user's request, or a further one.</summary>
    public ValueTask<T?> InvokeAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        StreamOf(request) is { } stream
            ? StartAsync<T>(reference, request, stream, options)
            : ContinueAsync<T>(reference, request, options);

    /// <summary>The last call. An enumerator that cannot be told expires by itself.</summary>
    public async ValueTask DisposeAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (!_places.TryGetValue(reference, out var place))
        {
            return;
        }

        _places.Remove(reference);
        if (CallingTurn.Current is { MustHold: true } turn)
        {
            // What an iterator does at its end may be seen by others.
            await turn.BeforeOutgoingAsync();
        }

        if (RuntimeTo(place.Region) is { } runtime)
        {
            await runtime.InvokeMethodAsync(reference, request, options);
        }
    }

    private async ValueTask<T?> StartAsync<T>(GrainReference reference, IInvokable request, IRequest stream, InvokeMethodOptions options)
    {
        var caller = Caller.Of(router, reference, stream, isRead: true);
        var isLocal = IsLocal(reference, stream, caller.Session);
        if (!OnlyReads(request))
        {
            caller.Turn?.CallOut();
        }

        await HoldAsync(caller);
        for (; ; )
        {
            var region = isLocal ? router.Self : router.Topology.Value.HomeOf(router.Locate(policy, reference.GrainId).Index).Region;
            if (RuntimeTo(region) is { } runtime)
            {
                _places.AddOrUpdate(reference, new(region));
                var result = await SendAsync<T>(runtime, region, reference, request, options, caller);
                if (!IsNotHome(result))
                {
                    return result;
                }

                if (!isLocal && await IsElsewhereAsync(reference, caller.Remaining(router)))
                {
                    continue;
                }
            }

            // Nothing happened: the link is down, or this region has not heard yet who is home.
            _places.Remove(reference);
            if (caller.Remaining(router) < Pause)
            {
                throw Unavailable(reference, stream, region, caller.Deadline);
            }

            await Task.WhenAny(Task.Delay(Pause, router.Time, request.GetCancellationToken()), router.Topology.WhenChanged);
            request.GetCancellationToken().ThrowIfCancellationRequested();
        }
    }

    private async ValueTask<T?> ContinueAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (!_places.TryGetValue(reference, out var place))
        {
            throw Aborted(reference, "it was never begun, or has ended", null);
        }

        var caller = Caller.Of(router, reference, request, isRead: true);
        await HoldAsync(caller);
        if (RuntimeTo(place.Region) is not { } runtime)
        {
            throw Aborted(reference, $"{place.Region}, which serves it, cannot be reached", null);
        }

        var result = await SendAsync<T>(runtime, place.Region, reference, request, options, caller);
        return IsNotHome(result) ? throw Aborted(reference, $"{place.Region}, which serves it, is not the home any more", null) : result;
    }

    private async ValueTask<T?> SendAsync<T>(
        IGrainReferenceRuntime runtime, RegionId region, GrainReference reference, IInvokable request, InvokeMethodOptions options, Caller caller)
    {
        // Orleans' own calls carry it to the gate, which gives it to the turn of each step.
        using var lineage = LineageContext.Enter(router.Serializer, caller.Lineage);
        if (region == router.Self)
        {
            // As in one cluster, the host's filters included.
            return await runtime.InvokeMethodAsync<T>(reference, request, options);
        }

        try
        {
            return router.HasOutgoingFilters
                ? await router.FilterAsync(reference, request, () => runtime.InvokeMethodAsync<T>(reference, request, options))
                : await runtime.InvokeMethodAsync<T>(reference, request, options);
        }
        catch (Exception exception) when (Failures.IsTransient(exception) && !request.GetCancellationToken().IsCancellationRequested)
        {
            throw Aborted(reference, $"no answer from {region}, which serves it: {exception.Message}", exception);
        }
    }

    /// <summary>Whether the own region serves it.</summary>
    private static bool IsLocal(GrainReference reference, IRequest stream, GeoSession? session)
    {
        var isRead = (stream.Options & InvokeMethodOptions.ReadOnly) != 0;
        var consistency = session?.Options.Consistency ?? ReadConsistency.Local;
        if (isRead && consistency is ReadConsistency.Session or ReadConsistency.Bounded)
        {
            throw Refused(reference, stream, $"returns an IAsyncEnumerable, which cannot promise {consistency} reads from its first element to its last. Read it {ReadConsistency.Local} or {ReadConsistency.Strong}, or return pages");
        }

        var isLocal = isRead && consistency == ReadConsistency.Local;
        return isLocal || MethodTraits.Of(stream).Obstacle is not { } obstacle
            ? isLocal
            : throw Refused(reference, stream, $"cannot be sent to its home region: {obstacle}. Mark it [ReadOnly] if it only reads, or notify through a stream or a plain grain");
    }

    private static async ValueTask HoldAsync(Caller caller)
    {
        if (caller.Turn is { MustHold: true } turn)
        {
            await turn.BeforeOutgoingAsync();
        }
    }

    /// <summary>The answer of an enumeration says nothing of where an entity was moved to, as other calls' answers do: the homes are asked.</summary>
    private async ValueTask<bool> IsElsewhereAsync(GrainReference reference, TimeSpan left)
    {
        using var bound = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, router.Time);
        return !policy.IsMultiWriter && await router.Moves.FollowAsync(reference.GrainId, bound.Token);
    }

    private IGrainReferenceRuntime? RuntimeTo(RegionId region) =>
        region == router.Self ? router.Local
        : router.LinkTo(router.Topology.Value.Regions.IndexOf(region))!.TryGetChannel(out var channel) ? channel.ReferenceRuntime
        : null;

    private static IRequest? StreamOf(IInvokable request) => request.GetArgumentCount() > 1 ? request.GetArgument(1) as IRequest : null;

    private static bool IsNotHome<T>(T? result) => result is ValueTuple<EnumerationResult, object?> { Item1: EnumerationResult.Error, Item2: GeoException { Code: GeoErrorCode.NotHome } };

    private static GeoException Refused(GrainReference reference, IRequest stream, string why) => new(new(
        GeoErrorCode.NotForwardable, $"{stream.GetInterfaceName()}.{stream.GetMethodName()} on {reference.GrainId} {why}. Nothing happened."));

    private static GeoException Unavailable(GrainReference reference, IRequest stream, RegionId home, TimeSpan deadline) => new(new(
        GeoErrorCode.HomeUnavailable,
        $"{stream.GetMethodName()} on {reference.GrainId} could not reach its home {home} within {deadline.TotalSeconds:0.###} s. Nothing happened; try again.",
        TimeSpan.FromSeconds(1)));

    private static GeoException Aborted(GrainReference reference, string why, Exception? cause) => new(
        new(
            GeoErrorCode.EnumerationAborted,
            $"The enumeration of {reference.GrainId} ended before its last element: {why}. The elements that came are right, none came twice and none was left out; enumerate anew for more.",
            TimeSpan.FromSeconds(1)),
        cause);

    private sealed record Place(RegionId Region);
}
