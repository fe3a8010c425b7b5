// What can go wrong with a phone in the page: what, why, and what now.
import { t } from "../i18n.js";

const WORDS = {
  permission: () => t("The browser may not use your microphone. Allow it beside the address of this page, then try again."),
  no_microphone: () => t("There is no microphone. Plug one in, then try again; your desk phone works meanwhile."),
  microphone_busy: () => t("Another program holds the microphone. Close it there, then try again."),
  microphone_gone: () => t("Your microphone is gone: the other side does not hear you. Plug one in and choose it in the phone’s settings."),
  insecure: () => t("The browser gives no microphone to a page without https. Ask your administrator."),
  socket: () => t("The phone cannot reach the PBX. It may be away, or the network blocks web sockets. Trying again by itself…"),
  blocked: () => t("This page may not connect to the PBX’s web socket. Ask your administrator to look at PHONE_URL."),
  wrong_key: () => t("The PBX refuses this phone: its key does not fit. Ask your administrator to render the PBX again with the CRM’s PHONE_KEY."),
  server: () => t("The phone cannot sign in while the server is away. Trying again by itself…"),
  elsewhere: () => t("Your phone is open on another screen."),
  other_tab: () => t("Your phone is open in another tab."),
  taken: () => t("Your phone went to another screen. Calls ring there now."),
  no_bundle: () => t("The phone could not be loaded. Reload the page; if it stays, tell your administrator."),
  not_registered: () => t("Your phone is not connected to the PBX yet. Wait a moment, or call from your desk phone."),
  no_phone: () => t("There is no phone for you in the browser. An administrator can give you one."),
  hold: () => t("The PBX did not put the call on hold. Try again."),
};

// Why a call came to nothing, or a command to the PBX failed.
const CAUSES = {
  busy: () => t("The line is busy."),
  declined: () => t("The call was declined."),
  no_answer: () => t("Nobody answered."),
  unreachable: () => t("That phone cannot be reached now."),
  refused: () => t("The PBX refused it."),
  not_allowed: () => t("You may not call this number."),
  bad_number: () => t("This number cannot be dialled."),
  gone: () => t("The call is over already."),
  pbx_away: () => t("The PBX is away. Try again in a moment."),
  unsupported: () => t("This PBX cannot do that."),
  not_prepared: () => t("The telephone system is not prepared for this: its dialplan lacks a part. “callcenter pbx check” says which."),
  too_late: () => t("It took too long, so nothing was done. Try again."),
};

export const faultWords = (code) => (WORDS[code] || CAUSES[code] || CAUSES.refused)();
export const causeWords = (code) => (CAUSES[code] || WORDS[code] || CAUSES.refused)();
