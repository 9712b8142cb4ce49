using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.caller")]
[GeoGrain(Durability.Quorum)]
public sealed class CallerGrain([PersistentState("caller", "geo")] IPersistentState<LedgerState> caller) : Grain, ICallerGrain
{
    public async Task<int> Visit(string[] path, string text, bool reentrant)
    {
        await AppendAsync($"{text} in");
        if (path is [var next, .. var rest])
        {
            using var section = Section(reentrant);
            await NextOf(GrainFactory, next).Visit(rest, text, reentrant);
        }

        return await AppendAsync($"{text} out");
    }

    public async Task<int> Fork(string[] others, string[] path, string text) =>
        (await Task.WhenAll(others.Select(other => NextOf(GrainFactory, other).Visit(path, $"{text} {other}", reentrant: false)))).Length;

    public async Task<int> VisitInRead(string[] path, string text, bool reentrant)
    {
        using var section = Section(reentrant);
        return await NextOf(GrainFactory, path[0]).Visit(path[1..], text, reentrant);
    }

    public async Task<int> CountAlong(string[] path)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return path is [var next, .. var rest] ? await GrainFactory.GetGrain<ICallerGrain>(next).CountAlong(rest) : await Count();
    }

    public async Task<int> VisitWithin(string[] path, string text)
    {
        using var section = Section(reentrant: true);
        return await NextOf(GrainFactory, path[0]).Visit(path[1..], text, reentrant: false);
    }

    public async Task<int> AskBack(string other, string text, bool reentrant)
    {
        await AppendAsync(text);
        using var section = Section(reentrant);
        return await GrainFactory.GetGrain<ICallerGrain>(other).CountOf(this.GetPrimaryKeyString());
    }

    public async Task<int> CountOf(string other)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return await GrainFactory.GetGrain<ICallerGrain>(other).Count();
    }

    public Task<int> Count() => Task.FromResult(caller.State.Lines.Count);

    public Task<string[]> Read() => Task.FromResult(caller.State.Lines.ToArray());

    internal static ICaller NextOf(IGrainFactory grains, string key) =>
        key.StartsWith("plain-", StringComparison.Ordinal) ? grains.GetGrain<IPlainCaller>(key) : grains.GetGrain<ICallerGrain>(key);

    private static RequestContext.ReentrancySection? Section(bool reentrant) => reentrant ? RequestContext.AllowCallChainReentrancy() : null;

    private async Task<int> AppendAsync(string text)
    {
        caller.State.Lines.Add(text);
        await caller.WriteStateAsync();
        return caller.State.Lines.Count;
    }
}
