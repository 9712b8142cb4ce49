using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

internal sealed partial class GeoActivation
{
    private bool IsCurrent => _live is { IsClosed: false } live && ReferenceEquals(live.Current, Record);

    /// <summary>The common case runs through without a state machine: nobody writes, the state is current, the method does not wait.</summary>
    private ValueTask<Response> ReadAsync<T>(GeoCall<T> call)
    {
        if ((call.Flags & GeoCallFlags.HomeOnly) != 0)
        {
            return ReadAtHomeAsync(call);
        }

        if (!IsCurrent || !_gate.TryEnterShared())
        {
            return RefreshAndReadAsync(call);
        }

        var version = Record.Version;
        ValueTask<Response> running;
        try
        {
            running = call.Inner.Invoke();
        }
        catch
        {
            _gate.ExitShared();
            throw;
        }

        if (!running.IsCompletedSuccessfully)
        {
            return FinishReadAsync<T>(running, version);
        }

        _gate.ExitShared();
        var reply = Reply<T>(running.Result, version);
        return _shard is HomeShard home && home.IsPending(version.Position) ? ReplyWhenVisibleAsync(home, reply, version) : new(reply);
    }

    /// <summary>A strong read: waits until this is the home if it is to be, and asks for the lease again after the state was read.</summary>
    private async ValueTask<Response> ReadAtHomeAsync<T>(GeoCall<T> call)
    {
        GeoReply<T> reply;
        do
        {
            reply = (GeoReply<T>)await RefreshAndReadAsync(call);
        }
        while (reply.Kind == ReplyKind.NotHome && await BecomesHomeAsync(call));

        return reply.Kind == ReplyKind.NotHome ? await PassOnAsync(call)
            : reply.Kind == ReplyKind.Answer && _shard is HomeShard { MayAct: false } ? Reply<T>(ReplyKind.NotNow)
            : reply;
    }

    private async ValueTask<Response> RefreshAndReadAsync<T>(GeoCall<T> call)
    {
        // Refreshing changes the state object, so it needs the gate to itself; reading goes on beside other readers.
        await _gate.EnterExclusiveAsync();
        ValueTask<Response> running;
        RecordVersion version;
        try
        {
            if (!await RefreshAsync())
            {
                _gate.ExitExclusive();
                return Reply<T>(ReplyKind.NotNow);
            }

            if ((call.Flags & GeoCallFlags.HomeOnly) != 0 && _shard is not HomeShard { IsOpen: true, IsHandingOver: false })
            {
                _gate.ExitExclusive();
                return Reply<T>(ReplyKind.NotHome);
            }

            _gate.Downgrade();
            version = Record.Version;
        }
        catch
        {
            _gate.ExitExclusive();
            throw;
        }

        running = call.Inner.Invoke();
        return await FinishReadAsync<T>(running, version);
    }

    private async ValueTask<Response> FinishReadAsync<T>(ValueTask<Response> running, RecordVersion version)
    {
        Response response;
        try
        {
            response = await running;
        }
        finally
        {
            _gate.ExitShared();
        }

        var reply = Reply<T>(response, version);
        return _shard is HomeShard home && home.IsPending(version.Position) ? await ReplyWhenVisibleAsync(home, reply, version) : reply;
    }

    /// <summary>The read saw a staged write: it waits with it, and fails with it.</summary>
    private async ValueTask<Response> ReplyWhenVisibleAsync<T>(HomeShard home, GeoReply<T> reply, RecordVersion version)
    {
        try
        {
            await home.WhenAcknowledgedAsync(version.Position);
        }
        catch (ShardClosedException)
        {
            return Reply<T>(ReplyKind.NotNow);
        }

        return reply;
    }
}
