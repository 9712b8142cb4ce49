using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.scratch")]
[GeoGrain(Durability.Quorum)]
public sealed class Scratch(
    [PersistentState("scratch", "geo")] IPersistentState<LedgerState> scratch,
    [PersistentState("other", "geo")] IPersistentState<LedgerState> other) : Grain, IScratch
{
    public async Task<int> Append(string text)
    {
        scratch.State.Lines.Add(text);
        await scratch.WriteStateAsync();
        return scratch.State.Lines.Count;
    }

    public Task Pad(int bytes)
    {
        scratch.State.Padding = new byte[bytes];
        return scratch.WriteStateAsync();
    }

    public async Task<string> PadAndCatch(int bytes)
    {
        try
        {
            await Pad(bytes);
            return "";
        }
        catch (GeoException exception)
        {
            return exception.Code.ToString();
        }
    }

    public async Task<int> PadThenAppend(int bytes, string text)
    {
        await Pad(bytes);
        return await Append(text);
    }

    public async Task<int> PadTellAppend(int bytes, string text, string listener)
    {
        await Pad(bytes);
        await GrainFactory.GetGrain<IListener>(listener).Tell(text);
        return await Append(text);
    }

    public async Task PadBoth(int bytes)
    {
        await Pad(bytes);
        other.State.Padding = new byte[bytes];
        await other.WriteStateAsync();
    }

    public Task ChangeThenThrow(string text)
    {
        scratch.State.Lines.Add(text);
        throw new InvalidTimeZoneException("as asked");
    }

    public Task WriteInRead(string text) => Append(text);

    public async Task<string> AppendTellAnswer(string text, string listener, int bytes)
    {
        await Append(text);
        await GrainFactory.GetGrain<IListener>(listener).Tell(text);
        return new string('x', bytes);
    }

    public async Task<object> AppendTellAnswerUnencodable(string text, string listener)
    {
        await AppendTellAnswer(text, listener, 1);
        return new Unencodable();
    }

    public async Task<string> AppendCallAnswer(string text, string other, int bytes)
    {
        await Append(text);
        await GrainFactory.GetGrain<IScratch>(other).Append(text);
        return new string('x', bytes);
    }

    public Task<string[]> Read() => Task.FromResult(scratch.State.Lines.ToArray());

    public Task<int> Padding() => Task.FromResult(scratch.State.Padding.Length);

    private sealed class Unencodable;
}
