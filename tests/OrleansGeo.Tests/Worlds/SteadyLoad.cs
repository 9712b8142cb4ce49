namespace OrleansGeo.Tests.Worlds;

/// <summary>Writes one entity after the other, again and again, until it is stopped. Any failure fails the test.</summary>
internal sealed class SteadyLoad
{
    private readonly ILedger[] _ledgers;
    private readonly int[] _acknowledged;
    private readonly Task _loop;
    private volatile bool _stopping;

    public SteadyLoad(params ILedger[] ledgers)
    {
        (_ledgers, _acknowledged) = (ledgers, new int[ledgers.Length]);
        _loop = Task.Run(RunAsync);
    }

    public async Task StopAsync()
    {
        _stopping = true;
        await _loop;
        Assert.True(_acknowledged.Min() > 0, "Nothing was written.");
    }

    private async Task RunAsync()
    {
        while (!_stopping)
        {
            for (var i = 0; i < _ledgers.Length; i++)
            {
                var expected = _acknowledged[i] + 1;
                Assert.Equal(expected, await _ledgers[i].Append($"{expected}"));
                _acknowledged[i] = expected;
            }
        }
    }
}
