namespace OrleansGeo.Benchmarks.Grains;

[GrainType("bench.caller")]
internal sealed class Caller : Grain, ICaller
{
    public async Task<int> Read(IPlainCounter counter, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await counter.Read();
        }

        return times;
    }
}
