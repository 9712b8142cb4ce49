using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>
/// A shard's place in one region: is it home here or a replica? Follows the topology, the lease and what the own store holds, and makes one change at a
/// time. Pure: inputs are method calls, effects are return values, and a runner does them. Not thread-safe: the runner's lock guards it.
/// </summary>
/// <remarks>
/// <para>A role is always taken from what the store holds and the topology says, never from what was in memory before: after any failure the steps begin
/// again with the store's head. While a home is being opened the replica goes on serving local reads.</para>
/// <para>What a region must not do twice, or must do in the end, is in its store (promises, the log, suspicions) or in the topology (homes, reservations,
/// who is owed a look) before the step that needs it. In memory alone is only what may be forgotten.</para>
/// </remarks>
internal sealed class Seat
{
    private readonly SeatConfig _config;
    private readonly ISeatView _view;
    private readonly SeatScript _script;
    private readonly SeatSteps _steps;

    public Seat(SeatConfig config, ISeatView view)
    {
        (_config, _view) = (config, view);
        _script = new(failed => _steps!.Live(failed?.Failure));
        _steps = new(config, view, _script);
    }

    /// <summary>The first role was taken: a replica's, or a home's if the shard was at home here and nothing had to be made whole.</summary>
    public bool HasRole => _steps.HasRole;

    /// <summary>When <see cref="Run"/> is to be called although nothing happened.</summary>
    public TimeSpan Due => _script.Due;

    /// <summary>Moves of the log here, of the home's or the replica's, are news now (<see cref="Changed"/>).</summary>
    public bool WatchesLog => _script.WatchesLog || _steps.AwaitsRows;

    /// <summary>
    /// The one rule by which a home may say anything: under the generation of the lease with which it was opened, as long as that is held and named by the
    /// topology. The owner of a row needs none. Asked before every acknowledgement and after every strong read.
    /// </summary>
    public static bool MayAct(ISeatView view, bool isRow, long generation) => isRow || (generation > 0 && view.Generation == generation);

    /// <summary>Does what can be done now.</summary>
    /// <returns>What is to be done, in this order.</returns>
    public IReadOnlyList<SeatEffect> Run(TimeSpan now) => _script.Run(now);

    /// <summary>What the seat sees has changed, or its home or replica has.</summary>
    public void Changed() => _script.News();

    /// <summary>An effect was done.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="outcome">What the effect says it has.</param>
    public void Done(long number, object? outcome = null) => Ended(number, outcome, null);

    /// <summary>An effect failed, or what became of it is not known.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="failure">Why.</param>
    public void Failed(long number, SeatFailure failure) => Ended(number, null, failure);

    /// <summary>Another region's store was asked to promise (<see cref="SeatEffect.AskPromises"/>).</summary>
    /// <param name="region">The region.</param>
    /// <param name="head">What its store said.</param>
    /// <param name="isProven">Whether that store is known to hold all that it held.</param>
    public void Promised(RegionId region, ShardHead head, bool isProven)
    {
        _steps.Recovery.Promised(region, head, isProven);
        _script.News();
    }

    /// <summary>The home hands the shard over to this region.</summary>
    public void Came(HandOverToken token)
    {
        _steps.Came(token);
        _script.News();
    }

    /// <summary>Whether this region is, or was, home under the token, whatever ends: its sender need not send it again.</summary>
    public bool HasTaken(FencingToken token) =>
        (_steps.Home is { IsStarted: true } home && home.Home.Epoch >= token.Epoch) || _view.Decided.HomeOf(_config.Index).Epoch >= token.Epoch;

    /// <summary>A home sends its log. A newer home's message ends an older home here.</summary>
    /// <returns>Whether the sender is fenced by the home that is here; otherwise the message is for the replica, once that is open.</returns>
    public bool Fences(FencingToken sender)
    {
        if (_steps.Home is not { } home)
        {
            return false;
        }

        if (sender.Epoch <= home.Home.Epoch)
        {
            return true;
        }

        _script.Tell(new SeatEffect.EndHome($"a newer home, {sender}, sends its log"));
        _script.News();
        return false;
    }

    private void Ended(long number, object? outcome, SeatFailure? failure)
    {
        _steps.Ended(number, outcome, failure);
        _script.Done(number, outcome, failure);
    }
}
