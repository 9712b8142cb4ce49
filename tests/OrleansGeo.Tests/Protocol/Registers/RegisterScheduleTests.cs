using OrleansGeo.Protocol.Registers;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Registers;

/// <summary>The register is linearizable under random schedules, and is not without any of its rules. Seeds are 1, 2, 3 …: RegisterSchedule.Run(seed) runs one.</summary>
public sealed class RegisterScheduleTests
{
    [Fact]
    public void No_schedule_loses_or_forks_a_decided_value()
    {
        var told = 0;
        for (var seed = 1; seed <= 3_000; seed++)
        {
            try
            {
                told += RegisterSchedule.Run(seed);
            }
            catch (Violation violation)
            {
                Assert.Fail($"RegisterSchedule.Run({seed}): {violation.Message}");
            }
        }

        Assert.True(told > 10_000, $"only {told} changes ended: these schedules test little");
    }

    [Fact]
    public void A_majority_that_is_one_too_few_is_reported() => Reports(majorityOff: 1);

    [Fact]
    public void A_promise_that_a_restart_forgets_is_reported() => Reports(recall: static state => state with { Promised = state.Accepted });

    [Fact]
    public void An_accepted_value_that_a_restart_forgets_is_reported() => Reports(recall: static state => AcceptorState.Empty with { Promised = state.Promised });

    private static void Reports(int majorityOff = 0, Func<AcceptorState, AcceptorState>? recall = null) => Assert.Throws<Violation>(() =>
    {
        for (var seed = 1; seed <= 3_000; seed++)
        {
            RegisterSchedule.Run(seed, majorityOff, recall);
        }
    });
}
