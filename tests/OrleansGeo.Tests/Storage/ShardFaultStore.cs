using System.Reflection;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Storage;

namespace OrleansGeo.Tests.Storage;

/// <summary>A store of which a test makes calls on single shards hang or fail. All others go to the real one.</summary>
public class ShardFaultStore : DispatchProxy
{
    private static readonly MethodInfo AfterwardsMethod = typeof(ShardFaultStore).GetMethod(nameof(AfterwardsAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private IRegionStore _inner = null!;
    private Func<string, ShardId, Task?> _fault = static (_, _) => null;

    /// <param name="inner">The real store.</param>
    /// <param name="fault">Asked before each call on a shard, by the method's name: what it waits for, and fails with if that fails; null: nothing.</param>
    public static IRegionStore Of(IRegionStore inner, Func<string, ShardId, Task?> fault)
    {
        var store = Create<IRegionStore, ShardFaultStore>();
        ((ShardFaultStore)(object)store)._inner = inner;
        ((ShardFaultStore)(object)store)._fault = fault;
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => args is [ShardId shard, ..] && _fault(targetMethod!.Name, shard) is { } before
        ? AfterwardsMethod.MakeGenericMethod(targetMethod.ReturnType.GetGenericArguments()).Invoke(this, [before, targetMethod, args])
        : targetMethod!.Invoke(_inner, args);

    private async Task<T> AfterwardsAsync<T>(Task before, MethodInfo method, object?[] args)
    {
        await before;
        return await (Task<T>)method.Invoke(_inner, args)!;
    }
}
