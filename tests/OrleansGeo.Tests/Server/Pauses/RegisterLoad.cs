using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>Writers and readers of all registers, through all of some processes at once.</summary>
internal sealed class RegisterLoad : IAsyncDisposable
{
    /// <summary>Only bounds a test that fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private static readonly string[] Consistencies = [RegisterReader.Strong, RegisterReader.Local, RegisterReader.Bounded];

    /// <summary>Readers of each consistency that hurry.</summary>
    private const int Hurrying = 2;

    private readonly IReadOnlyList<RegisterWriter> _writers;
    private readonly PauseRecord _record;
    private readonly Task _loops;

    public RegisterLoad(IReadOnlyList<RegisterWriter> writers, IReadOnlyList<PausableServer> readThrough, PauseRecord record)
    {
        (_writers, _record) = (writers, record);
        Registers = [.. writers.Select(static writer => writer.Register)];
        var readers = readThrough.SelectMany(server => Consistencies.Select(consistency => new RegisterReader(server, consistency, Registers, record)));
        _loops = Task.WhenAll(
            [.. writers.Select(writer => Task.Run(() => writer.RunAsync(_stop.Token, _abort.Token))), .. readers.Select(reader => Task.Run(() => reader.RunAsync(first: 0, _stop.Token)))]);
    }

    public IReadOnlyList<NumberRegister> Registers { get; }

    /// <summary>Completes when each writer through these processes has had further writes acknowledged, which began after this.</summary>
    public async Task GoOnAsync(string after, TimeSpan patience, params string[] servers)
    {
        var before = _writers.Where(writer => servers.Contains(writer.Server)).Select(static writer => (writer.Register, Target: writer.Register.Acknowledged + 2)).ToArray();
        try
        {
            await Wait.UntilAsync(
                $"all writers go on after {after}",
                () => Task.FromResult(_loops.IsFaulted || before.All(static writer => writer.Register.Acknowledged >= writer.Target)),
                patience);
        }
        catch (Exception)
        {
            var stuck = before.Where(static writer => writer.Register.Acknowledged < writer.Target).Select(static writer => $"{writer.Register.Path} in {writer.Register.Shard}");
            Assert.Fail($"{patience.TotalSeconds} s after {after} there is no going on with {string.Join(", ", stuck)}.");
        }

        if (_loops.IsFaulted)
        {
            await _loops;
        }
    }

    /// <summary>Reads everything at once through one process, which may be stopped.</summary>
    public Task ReadAllAsync(PausableServer server) => Task.WhenAll(
        from consistency in Consistencies
        let reader = new RegisterReader(server, consistency, Registers, _record)
        from register in Registers
        select reader.ReadAsync(register));

    /// <summary>Reads through one process as fast as it answers, as long as that is asked for.</summary>
    public Task HurryAsync(PausableServer server, CancellationToken stop) => Task.WhenAll(
        from consistency in Consistencies
        from part in Enumerable.Range(0, Hurrying)
        let reader = new RegisterReader(server, consistency, Registers, _record) { Pause = TimeSpan.FromMilliseconds(5) }
        select Task.Run(() => reader.RunAsync(part * Registers.Count / Hurrying, stop), CancellationToken.None));

    /// <summary>Every number that was sent is acknowledged then.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Wait.ForAsync("the last writes are acknowledged", _loops, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _abort.Dispose();
    }
}
