using OrleansGeo.Protocol.Registers;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Registers;

/// <summary>The register is linearizable under random schedules, and is not without any of its rules. Seeds are 1, 2, 3 …: RegisterSchedule.Run(seed) runs one.</summary>
public sealed class RegisterScheduleTests
{
    private const int Seeds = 3_000;

    [Fact]
    public void No_schedule_loses_or_forks_a_decided_value() => Holds(new());

    [Fact]
    public void A_majority_that_is_one_too_few_is_reported() => Reports("a decided value was lost or forked", new() { MajorityOff = 1 });

    [Fact]
    public void A_promise_that_a_restart_forgets_is_reported() =>
        Reports("a decided value was lost or forked", new() { Recall = static state => state with { Promised = state.Accepted } });

    [Fact]
    public void An_accepted_value_that_a_restart_forgets_is_reported() =>
        Reports("a decided value was lost or forked", new() { Recall = static state => AcceptorState.Empty with { Promised = state.Promised } });

    /// <summary>Random schedules hardly ever hold an accept back for so long: <see cref="BallotReuseTests"/> does it by hand.</summary>
    [Fact]
    public void Each_of_two_rules_is_enough_against_ballots_that_a_restart_uses_again()
    {
        Holds(new() { BootsAreEqual = true });
        Holds(new() { EqualPrepareIsGranted = true });
    }

    [Fact]
    public void A_store_that_went_back_in_time_votes_again_once_it_is_restored_from_the_others() => Holds(new() { StoresGoBack = true });

    [Fact]
    public void Voting_without_being_restored_is_reported() =>
        Reports("a decided value was lost or forked", new() { StoresGoBack = true, Restore = static (_, _) => AcceptorState.Empty });

    /// <summary>That the promises are needed, too, is shown by hand: <see cref="AcceptorRestoreTests"/>.</summary>
    [Fact]
    public void Being_restored_from_what_need_not_be_decided_is_reported() => Reports(
        "lost",
        new()
        {
            StoresGoBack = true,
            Restore = static (others, majority) => others.Count >= majority ? others.MaxBy(static state => state.Accepted)! with { Promised = others.Max(static state => state.Promised) } : null,
        });

    private static void Holds(RegisterRules rules)
    {
        var told = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            try
            {
                told += RegisterSchedule.Run(seed, rules);
            }
            catch (Violation violation)
            {
                Assert.Fail($"RegisterSchedule.Run({seed}, {rules}): {violation.Message}");
            }
        }

        Assert.True(told > 10_000, $"only {told} changes ended: these schedules test little");
    }

    private static void Reports(string what, RegisterRules rules)
    {
        var last = "nothing";
        for (var seed = 1; seed <= Seeds; seed++)
        {
            try
            {
                RegisterSchedule.Run(seed, rules);
            }
            catch (Violation violation) when (violation.Message.Contains(what, StringComparison.Ordinal))
            {
                return;
            }
            catch (Violation violation)
            {
                last = violation.Message;
            }
        }

        Assert.Fail($"{Seeds} seeds, and none said '{what}'; the last finding was: {last}");
    }
}
