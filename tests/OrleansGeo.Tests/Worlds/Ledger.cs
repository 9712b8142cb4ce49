using Orleans.Runtime;
using OrleansGeo.Tests.Grains;

namespace OrleansGeo.Tests.Worlds;

[GenerateSerializer]
[Alias("test.ledgerstate")]
public sealed class LedgerState
{
    [Id(0)]
    public List<string> Lines { get; set; } = [];

    [Id(1)]
    public byte[] Padding { get; set; } = [];
}

[GrainType("test.ledger")]
[GeoGrain(Durability.Quorum)]
public sealed class Ledger([PersistentState("ledger", "geo")] IPersistentState<LedgerState> ledger) : Grain, ILedger
{
    private string? _timerError;

    public async Task<int> Append(string text)
    {
        ledger.State.Lines.Add(text);
        await ledger.WriteStateAsync();
        return ledger.State.Lines.Count;
    }

    public async Task<int> AppendAndTell(string text, string listener)
    {
        var count = await Append(text);
        await GrainFactory.GetGrain<IListener>(listener).Tell(text);
        return count;
    }

    public async Task<int> AppendTellAppend(string text, string listener)
    {
        await AppendAndTell($"{text} before", listener);
        return await AppendAndTell($"{text} after", listener);
    }

    public async Task AppendAndSend(string text, string other)
    {
        await Append(text);
        await GrainFactory.GetGrain<ILedger>(other).AppendOneWay(text);
    }

    public async Task<int> AppendBoth(string text, string other)
    {
        await GrainFactory.GetGrain<ILedger>(other).Append(text);
        return await Append(text);
    }

    public Task Pad(int bytes)
    {
        ledger.State.Padding = new byte[bytes];
        return ledger.WriteStateAsync();
    }

    public async Task<string> AppendAndAnswer(int bytes)
    {
        await Append("answered");
        return new string('x', bytes);
    }

    public Task StartTimer(string text) => StartTimerOnReplica(text);

    public Task StartTimerOnReplica(string text)
    {
        this.RegisterGrainTimer(
            async () =>
            {
                try
                {
                    await Append(text);
                    _timerError = "";
                }
                catch (GeoException exception)
                {
                    _timerError = exception.Code.ToString();
                }
            },
            new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }

    public Task<string?> TimerError() => Task.FromResult(_timerError);

    public Task<string[]> Read() => Task.FromResult(ledger.State.Lines.ToArray());

    public Task AppendOneWay(string text) => Append(text);

    public async Task<string> Block(CancellationToken cancellationToken)
    {
        await Barriers.Of(this.GetPrimaryKeyString()).PassAsync(cancellationToken);
        return "";
    }
}
