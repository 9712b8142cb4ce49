using Microsoft.Extensions.Options;

namespace OrleansGeo.Runtime.Configuration;

/// <summary>Refuses limits that would break a promise.</summary>
internal sealed class GeoLimitsValidator : IValidateOptions<GeoLimits>
{
    /// <summary>With fewer, a few large answers would have a shard refuse what comes after them.</summary>
    private const int LeastAnswers = 64;

    public ValidateOptionsResult Validate(string? name, GeoLimits options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.DeduplicationWindow < GeoLimits.LeastDeduplicationWindow)
        {
            result.AddError(
                $"{nameof(GeoLimits.DeduplicationWindow)} is {options.DeduplicationWindow}: use at least {GeoLimits.LeastDeduplicationWindow}. A call may be repeated for {GeoCallOptions.LongestDeadline}, and a home that forgot it before would run it twice.");
        }

        var least = (long)LeastAnswers * options.ResponseBytes;
        if (options.DeduplicationBytes < least)
        {
            result.AddError(
                $"{nameof(GeoLimits.DeduplicationBytes)} is {options.DeduplicationBytes}: use at least {least}, which is {LeastAnswers} times {nameof(GeoLimits.ResponseBytes)}. With less, a few large answers would fill what a shard may remember, and it would refuse requests until they are forgotten.");
        }

        return result.Build();
    }
}
