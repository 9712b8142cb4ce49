using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <remarks>What it does when it begins and ends is said by its key.</remarks>
[GrainType("test.lodger")]
[GeoGrain(Durability.Quorum)]
public sealed class Lodger([PersistentState("lodger", "geo")] IPersistentState<LedgerState> lodger, CallLog log) : Grain, ILodger, IAsyncDisposable
{
    private static int _made;

    private readonly int _number = Interlocked.Increment(ref _made);
    private readonly List<string> _kept = [];
    private string _key = "";
    private int _count;

    /// <summary>Keys whose objects can neither begin nor end.</summary>
    public static ConcurrentDictionary<string, bool> Failing { get; } = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = this.GetPrimaryKeyString();
        _count = lodger.State.Lines.Count;
        ThrowIfFailing();
        if (_key.StartsWith("ticks", StringComparison.Ordinal))
        {
            this.RegisterGrainTimer(() => Note("ticks"), new() { DueTime = TimeSpan.Zero, Period = TimeSpan.FromMilliseconds(20) });
            if (lodger.RecordExists)
            {
                await Note("begins");
                await Barriers.Of(_key).PassAsync(cancellationToken);
                await Note("is ready");
            }
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Note("ends");
        if (_kept.Count > 0)
        {
            lodger.State.Lines.AddRange(_kept);
            await lodger.WriteStateAsync(cancellationToken);
            await Note("has written");
        }

        if (_key.StartsWith("tells", StringComparison.Ordinal))
        {
            try
            {
                await GrainFactory.GetGrain<IListener>("lodger").Tell(_key);
            }
            catch (GeoException exception)
            {
                await Note($"is refused: {exception.Code}");
            }
        }

        if (_key.StartsWith("leaves", StringComparison.Ordinal))
        {
            await Barriers.Of(_key).PassAsync(cancellationToken);
            await GrainFactory.GetGrain<IJotter>(GrainId.Create(Jotter.Type, _key)).Note("left");
        }

        if (_key.StartsWith("throws", StringComparison.Ordinal))
        {
            throw new InvalidTimeZoneException("as asked");
        }
    }

    public ValueTask DisposeAsync()
    {
        ThrowIfFailing();
        return ValueTask.CompletedTask;
    }

    public async Task<int> Append(string text)
    {
        lodger.State.Lines.Add(text);
        await lodger.WriteStateAsync();
        return lodger.State.Lines.Count;
    }

    public async Task<string> AppendThenAnswer(string text, int bytes)
    {
        await Append(text);
        return new string('x', bytes);
    }

    public Task Keep(string text)
    {
        _kept.Add(text);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> Describe(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Yield();
            yield return $"{_number} {_count}";
        }
    }

    public Task<int> Number() => Task.FromResult(_number);

    public Task<string[]> Read() => Task.FromResult(lodger.State.Lines.ToArray());

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task Note(string what)
    {
        log.Calls.Enqueue($"{_key} {_number} {what}");
        return Task.CompletedTask;
    }

    private void ThrowIfFailing()
    {
        if (Failing.ContainsKey(_key))
        {
            throw new InvalidTimeZoneException("as asked");
        }
    }
}
