using System.Runtime.CompilerServices;
using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

// What grains should not do, and do.
#pragma warning disable ORLEANS0014
[GrainType("test.exiting")]
[GeoGrain(Durability.Quorum)]
public sealed class Exiting([PersistentState("exiting", "geo")] IPersistentState<LedgerState> state, CallLog log) : Grain, IExiting
{
    public async Task<int> AppendAndCall(string text, Exit exit)
    {
        // Orleans itself does not hand out references off its scheduler.
        var plain = GrainFactory.GetGrain<IExitListener>("exit");
        var extension = plain.AsReference<IExitExtension>();
        var heard = new ExitObserver(log);
        var grains = GrainFactory;
        var observer = exit == Exit.Observer ? await Task.Run(() => grains.CreateObjectReference<IExitObserver>(heard)) : null;
        var geo = GrainFactory.GetGrain<IExiting>($"{text}-other");
        var enumerator = exit == Exit.EndOfEnumeration ? geo.AskThenTell(text, CancellationToken.None).GetAsyncEnumerator() : null;
        Assert.True(enumerator is null || await enumerator.MoveNextAsync());
        state.State.Lines.Add(text);
        await state.WriteStateAsync();
        var count = state.State.Lines.Count;
        switch (exit)
        {
            case Exit.Awaited:
                await plain.Tell(text);
                break;
            case Exit.AfterConfigureAwaitFalse:
                await LeaveSchedulerAsync().ConfigureAwait(false);
                await plain.Tell(text);
                break;
            case Exit.InTaskRun:
                await Task.Run(() => plain.Tell(text));
                break;
            case Exit.InThreadPool:
                await InThreadPoolAsync(() => plain.Tell(text));
                break;
            case Exit.InThreadingTimer:
                await InThreadingTimerAsync(() => plain.Tell(text));
                break;
            case Exit.OneWay:
                await plain.TellOneWay(text);
                break;
            case Exit.OneWayInTaskRun:
                await Task.Run(() => plain.TellOneWay(text));
                break;
            case Exit.ToGeoGrain:
                await geo.Tell(text);
                break;
            case Exit.ToGeoGrainInTaskRun:
                await Task.Run(() => geo.Tell(text));
                break;
            case Exit.ToGeoGrainOneWayAfterConfigureAwaitFalse:
                await LeaveSchedulerAsync().ConfigureAwait(false);
                await geo.TellOneWay(text);
                break;
            case Exit.ReadOfGeoGrainInTaskRun:
                await Task.Run(() => geo.Ask(text));
                break;
            case Exit.Extension:
                await extension.TellExtension(text);
                break;
            case Exit.ExtensionInTaskRun:
                await Task.Run(() => extension.TellExtension(text));
                break;
            case Exit.OneWayToExtension:
                await extension.TellExtensionOneWay(text);
                break;
            case Exit.Enumeration:
                await foreach (var told in plain.TellAll(text))
                {
                    Assert.Equal(text, told);
                }

                break;
            case Exit.EndOfEnumeration:
                await enumerator!.DisposeAsync();
                break;
            case Exit.Observer:
                await observer!.Told(text);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(exit));
        }

        GC.KeepAlive(heard);
        return count;
    }

    public Task Tell(string text)
    {
        log.Calls.Enqueue(text);
        return Task.CompletedTask;
    }

    public Task TellOneWay(string text) => Tell(text);

    public Task Ask(string text) => Tell(text);

    public async IAsyncEnumerable<string> AskThenTell(string text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return text;
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            await Tell(text);
        }
    }

    private static Task LeaveSchedulerAsync() => Task.Run(static () => { });

    private static Task InThreadPoolAsync(Func<Task> call)
    {
        var left = new TaskCompletionSource();
        ThreadPool.QueueUserWorkItem(_ => call().ContinueWith(left.SetFromTask, TaskScheduler.Default));
        return left.Task;
    }

    private static async Task InThreadingTimerAsync(Func<Task> call)
    {
        var left = new TaskCompletionSource();
        await using var timer = TimeProvider.System.CreateTimer(_ => call().ContinueWith(left.SetFromTask, TaskScheduler.Default), null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        await left.Task;
    }
}
