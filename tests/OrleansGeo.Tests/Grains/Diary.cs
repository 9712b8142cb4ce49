using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.diary")]
[GeoGrain(Durability.Quorum)]
public sealed class Diary([PersistentState("diary", "geo")] IPersistentState<LedgerState> diary, CallLog log) : Grain, IDiary
{
    public async Task<int> Append(string text)
    {
        diary.State.Lines.Add(text);
        await diary.WriteStateAsync();
        return diary.State.Lines.Count;
    }

    public async Task<int> Rewrite(string text)
    {
        var lines = diary.State.Lines.ToList();
        await GrainFactory.GetGrain<IListener>("asked").Count();
        lines.Add(text);
        diary.State.Lines = lines;
        await diary.WriteStateAsync();
        return lines.Count;
    }

    public Task AppendOneWay(string text) => Append(text);

    public async Task<int> StopThenAppend(string barrier, string text, CancellationToken cancellationToken)
    {
        await Barriers.Of(barrier).PassAsync(cancellationToken);
        return await Append(text);
    }

    public async Task<int> AppendTwoTo(string other, string first, string second)
    {
        await Other(other).Append(first);
        return await Other(other).Append(second);
    }

    public async Task<int> AppendTwiceTo(string other, string text) => (await Task.WhenAll(Other(other).Append(text), Other(other).Append(text))).Sum();

    public async Task<int> AppendUnderKeyTo(string other, string key, string text)
    {
        using var session = GeoSession.Begin(new() { RequestKey = key });
        return await Other(other).Append(text);
    }

    public Task<int> AppendUnderKeyFromReadTo(string other, string key, string text) => AppendUnderKeyTo(other, key, text);

    public async Task<int> AppendSoonTo(string other, string text, TimeSpan deadline)
    {
        using var session = GeoSession.Begin(new() { Deadline = deadline });
        return await Other(other).Append(text);
    }

    public async Task<int> AppendToAndNote(string other, string text)
    {
        try
        {
            return await Other(other).Append(text);
        }
        finally
        {
            log.Calls.Enqueue($"{text} has ended");
        }
    }

    public async Task<string> Saga(string other, string barrier)
    {
        if (diary.State.Lines.Count == 0)
        {
            await Append("first step");
            await Other(other).Append("reserve");
            await Barriers.Of(barrier).PassAsync();
        }

        if (diary.State.Lines.Count == 1)
        {
            await Append("second step");
            await Other(other).Append("confirm");
        }

        return "done";
    }

    public async Task<int> SendLateThenAppend(string other, string text, string barrier)
    {
        Other(other).AppendOneWay(text).Ignore();
        await Barriers.Of(barrier).PassAsync();
        return await Append(text);
    }

    public async Task<int> SendThenAppend(string other, string text, string barrier)
    {
        await Other(other).AppendOneWay(text);
        await Barriers.Of(barrier).PassAsync();
        return await Append(text);
    }

    public async Task<int> StopThenTell(string barrier, string other, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        await Other(other).Append(text);
        return await Append(text);
    }

    public Task<int> TellThrough(string through, string barrier, string other, string text) => Other(through).StopThenTell(barrier, other, text);

    public async Task<int> AppendDurably(string barrier, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        var count = await Append(text);
        await GeoSession.DurableAsync();
        return count;
    }

    public async Task<int> TellThenStop(string barrier, string other, string text)
    {
        await Other(other).Append(text);
        await Barriers.Of(barrier).PassAsync();
        return await Append(text);
    }

    public async Task<int> AppendThenTellAndAsk(string barrier, string other, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        var count = await Append(text);
        await Task.WhenAll(Other(other).Append(text), Other(other).Read());
        return count;
    }

    public async Task<int> TellQuietlyThenAppendAndAsk(string barrier, string other, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        try
        {
            await Other(other).Append(text);
        }
        catch (GeoException)
        {
            // As asked.
        }

        var count = await Append(text);
        await Other(other).Read();
        return count;
    }

    public async Task<int> TellLaterAndNow(string barrier, string laterBarrier, string other, string text)
    {
        _ = TellAsync();
        await Barriers.Of(barrier).PassAsync();
        await Other(other).Append($"{text} now");
        return await Append(text);

        async Task TellAsync()
        {
            await Barriers.Of(laterBarrier).PassAsync();
            try
            {
                await Other(other).Append($"{text} later");
            }
            finally
            {
                log.Calls.Enqueue($"{text} later has ended");
            }
        }
    }

    public async Task<int> TellThenStopThenNote(string barrier, string other, string jotterType, string jotter, string text)
    {
        await Other(other).Append(text);
        await Barriers.Of(barrier).PassAsync();
        await GrainFactory.GetGrain<IJotter>(GrainId.Create(jotterType, jotter)).Note(text);
        return await Append(text);
    }

    public async Task TellOneWay(string barrier, string other, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        await Other(other).Append(text);
        await Append(text);
    }

    public async Task<int> InsistThenStop(string barrier, string other, string text)
    {
        try
        {
            await Other(other).Append(text);
        }
        catch (InvalidTimeZoneException)
        {
            await Other(other).Append(text);
        }

        await Barriers.Of(barrier).PassAsync();
        return await Append(text);
    }

    public async Task<int> AppendOnceThenTellThenStop(string barrier, string other, string text)
    {
        if (diary.State.Lines.Contains(text))
        {
            return await Fail(GeoErrorCode.HomeUnavailable);
        }

        var count = await Append(text);
        await Other(other).Append(text);
        await Barriers.Of(barrier).PassAsync();
        return count;
    }

    public async Task<int> TellThenFail(string other, string text, GeoErrorCode code)
    {
        await Other(other).Append(text);
        return await Fail(code);
    }

    public Task<int> FailThrough(string other, GeoErrorCode code) => Other(other).Fail(code);

    public Task<int> Fail(GeoErrorCode code) => throw new GeoException(new(code, "as asked"));

    public async Task<int> AppendThenFailTogether(string text, GeoErrorCode code)
    {
        await Append(text);
        throw new AggregateException(new InvalidTimeZoneException("as asked"), new GeoException(new(code, "as asked")));
    }

    public async Task<int> AppendThenFail(string text, GeoErrorCode code)
    {
        await Append(text);
        throw new GeoException(new(code, "as asked"));
    }

    public async Task<int> AppendThenThrowTimeout(string text)
    {
        await Append(text);
        throw new TimeoutException("as asked");
    }

    public Task<string[]> Read() => Task.FromResult(diary.State.Lines.ToArray());

    public async Task<string[]> ReadStrongly(string other)
    {
        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return await Other(other).Read();
    }

    private IDiary Other(string key) => GrainFactory.GetGrain<IDiary>(key);
}
