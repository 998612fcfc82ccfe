"""A local orchestrator that speaks the real API, `/v2/consumer`; nothing leaves the machine or costs Buzz.

It does as the real one does: refuses what the contract refuses, prices what has a published price (anything
else has `total: null`), takes workflows through their statuses by the clock, hands an earlier workflow out
again under its `externalId` (also that of a whatif), long-polls, pages, tags, patches, cancels, charges and
refunds, withholds mature results that were not paid for as such, signs URLs of blobs, delivers callbacks, and
keeps everything in one SQLite file. What was answered is kept, even if the process is killed.

What differs:

- Every `cost` has `"estimate": true` and `"source": "sandbox"`.
- A workflow takes about one second, with a pretended queue. Unless tokens are given, everybody is one user
  whose Buzz never runs out.
- Equal submissions are not deduplicated, nothing is served from a cache, and nothing is forgotten.
- Images are mosaics of the size asked for, of at most 2048 pixels a side; videos are thumbnails of at most
  128 with eight frames over the duration asked for, in the proportions asked for; `width` and `height` of a
  blob are those of its file. The file follows from seed, prompt and size. WebP is not written: such an image
  is a PNG, and its blob id ends so.
- Step types that make no image or video succeed with an empty output. There are no recipes (501). Every
  resource is said to be there and usable. Callbacks are delivered to this machine alone, by a server alone.
- Words in a step's input decide how it goes: `[sandbox:fail]` and `[sandbox:expire]` its end; `[sandbox:r]`
  and likewise pg13, x and xxx the level of what it makes, which otherwise is pg; `[sandbox:block]` or
  `[sandbox:block:REASON]` that this is blocked; `[sandbox:mature]` that its prompt is judged mature.
  `[sandbox:block]` within an upload has moderation stop it.
- Below `/sandbox` are routes of its own: `faults` plans what goes wrong (see `faults`), `me` tells the user.

`connect` gives a client of it without a server. `app`, `http`, `faulty`, `ranges` and the modules of routes
load starlette at their top: import them where they are used, not at the top of a module.
"""
