using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Drills;

/// <summary>Asks regions until they say what is waited for.</summary>
internal static class Polls
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <returns>False: it did not hold in time.</returns>
    public static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!await HoldsAsync(condition))
        {
            if (time.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(Interval, time, cancellationToken);
        }

        return true;
    }

    /// <summary>A region that does not answer now may do so the next time.</summary>
    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (WorldException)
        {
            return false;
        }
    }
}
