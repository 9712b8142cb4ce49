using Microsoft.Extensions.Options;

namespace OrleansGeo.Runtime.Configuration;

/// <summary>Lists every problem at once.</summary>
internal sealed class FailoverOptionsValidator : IValidateOptions<FailoverOptions>
{
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(30);

    public ValidateOptionsResult Validate(string? name, FailoverOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.LeaseDuration < TimeSpan.FromSeconds(1))
        {
            result.AddError($"{options.LeaseDuration}: use at least 1 s.", nameof(options.LeaseDuration));
        }

        if (options.DriftMargin is not (>= 0 and < 0.5))
        {
            result.AddError($"{options.DriftMargin}: use 0 to below 0.5.", nameof(options.DriftMargin));
        }

        if (options.TakeoverStep < TimeSpan.Zero)
        {
            result.AddError($"{options.TakeoverStep}: use a time that is not negative.", nameof(options.TakeoverStep));
        }

        if (options.StartGrace < TimeSpan.Zero)
        {
            result.AddError($"{options.StartGrace}: use a time that is not negative.", nameof(options.StartGrace));
        }

        if (options.FailbackDelay < TimeSpan.Zero)
        {
            result.AddError($"{options.FailbackDelay}: use a time that is not negative.", nameof(options.FailbackDelay));
        }

        foreach (var (grace, option) in new[] { (options.HandOverGrace, nameof(options.HandOverGrace)), (options.DrainGrace, nameof(options.DrainGrace)) })
        {
            if (grace < TimeSpan.Zero || grace > LongestGrace)
            {
                result.AddError($"{grace}: use 0 to {LongestGrace.TotalSeconds} s.", option);
            }
        }

        if (options.HandOversAtOnce <= 0)
        {
            result.AddError($"{options.HandOversAtOnce}: use at least 1.", nameof(options.HandOversAtOnce));
        }

        return result.Build();
    }
}
